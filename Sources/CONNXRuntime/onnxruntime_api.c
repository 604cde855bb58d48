#include "onnxruntime_api.h"

// The places of functions next to gaps, as the public header has them.
#define PLACE(function, place)                                                                                         \
    _Static_assert(offsetof(ort_api, function) == (place) * sizeof(void *), #function " is not at " #place)

PLACE(get_error_code, 1);
PLACE(create_env_with_custom_logger, 4);
PLACE(disable_telemetry_events, 6);
PLACE(create_session_options, 10);
PLACE(disable_mem_pattern, 17);
PLACE(set_session_graph_optimization_level, 23);
PLACE(create_run_options, 39);
PLACE(run_options_set_terminate, 46);
PLACE(create_tensor_with_data_as_ort_value, 49);
PLACE(create_cpu_memory_info, 69);
PLACE(release_status, 93);
PLACE(release_session_options, 100);
PLACE(get_available_providers, 125);
PLACE(run_with_binding, 133);
PLACE(append_tensorrt, 170);
PLACE(release_tensorrt_options, 174);
PLACE(append_cuda, 204);
PLACE(release_cuda_options, 208);
PLACE(append_provider, 216);
