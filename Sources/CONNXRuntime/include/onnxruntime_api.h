// The functions of ONNX Runtime's C API that Sotto calls, by their places in the table that the library returns. Places
// of a published version never change. (include/onnxruntime/core/session/onnxruntime_c_api.h in microsoft/onnxruntime)
#ifndef SOTTO_ONNXRUNTIME_API_H
#define SOTTO_ONNXRUNTIME_API_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_session_options ort_session_options;
typedef struct ort_run_options ort_run_options;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_value ort_value;
typedef struct ort_io_binding ort_io_binding;
typedef struct ort_cuda_options ort_cuda_options;
typedef struct ort_tensorrt_options ort_tensorrt_options;

/// Null for success. Otherwise the caller releases it.
typedef ort_status *_Nullable ort_result;

typedef void (*ort_logger)(void *_Nullable parameter, int severity, const char *_Nullable category,
                           const char *_Nullable id, const char *_Nullable location, const char *_Nullable message);

enum {
    /// The version of the table that has all of the functions below, and the operators that exports of language models
    /// use.
    ORT_API_NEEDED = 18,

    ORT_SEVERITY_FATAL = 4,
    ORT_OPTIMIZE_ALL = 99,
    ORT_FAIL = 1,
    ORT_ALLOCATOR_DEVICE = 0,
    ORT_MEMORY_DEFAULT = 0,
};

/// Gaps are functions that are not called.
typedef struct {
    uintptr_t gap_0[1];
    int (*_Nonnull get_error_code)(const ort_status *status);
    const char *_Nonnull (*_Nonnull get_error_message)(const ort_status *status);
    uintptr_t gap_3[1];
    ort_result (*_Nonnull create_env_with_custom_logger)(ort_logger logger, void *_Nullable parameter, int severity,
                                                         const char *id, ort_env *_Nullable *_Nonnull out);
    uintptr_t gap_5[1];
    ort_result (*_Nonnull disable_telemetry_events)(const ort_env *env);
    ort_result (*_Nonnull create_session)(const ort_env *env, const char *path, const ort_session_options *options,
                                          ort_session *_Nullable *_Nonnull out);
    uintptr_t gap_8[2];
    ort_result (*_Nonnull create_session_options)(ort_session_options *_Nullable *_Nonnull out);
    uintptr_t gap_11[6];
    ort_result (*_Nonnull disable_mem_pattern)(ort_session_options *options);
    uintptr_t gap_18[5];
    ort_result (*_Nonnull set_session_graph_optimization_level)(ort_session_options *options, int level);
    ort_result (*_Nonnull set_intra_op_num_threads)(ort_session_options *options, int count);
    uintptr_t gap_25[14];
    ort_result (*_Nonnull create_run_options)(ort_run_options *_Nullable *_Nonnull out);
    uintptr_t gap_40[6];
    ort_result (*_Nonnull run_options_set_terminate)(ort_run_options *options);
    ort_result (*_Nonnull run_options_unset_terminate)(ort_run_options *options);
    uintptr_t gap_48[1];
    ort_result (*_Nonnull create_tensor_with_data_as_ort_value)(const ort_memory_info *info, void *data,
                                                                size_t byte_count, const int64_t *shape, size_t rank,
                                                                int element_type, ort_value *_Nullable *_Nonnull out);
    uintptr_t gap_50[19];
    ort_result (*_Nonnull create_cpu_memory_info)(int allocator_type, int memory_type,
                                                  ort_memory_info *_Nullable *_Nonnull out);
    uintptr_t gap_70[23];
    void (*_Nonnull release_status)(ort_status *status);
    void (*_Nonnull release_memory_info)(ort_memory_info *info);
    void (*_Nonnull release_session)(ort_session *session);
    void (*_Nonnull release_value)(ort_value *value);
    void (*_Nonnull release_run_options)(ort_run_options *options);
    uintptr_t gap_98[2];
    void (*_Nonnull release_session_options)(ort_session_options *options);
    uintptr_t gap_101[24];
    ort_result (*_Nonnull get_available_providers)(char *_Nullable *_Nullable *_Nonnull out, int *_Nonnull count);
    ort_result (*_Nonnull release_available_providers)(char *_Nullable *_Nonnull names, int count);
    uintptr_t gap_127[6];
    ort_result (*_Nonnull run_with_binding)(ort_session *session, const ort_run_options *options,
                                            const ort_io_binding *binding);
    ort_result (*_Nonnull create_io_binding)(ort_session *session, ort_io_binding *_Nullable *_Nonnull out);
    void (*_Nonnull release_io_binding)(ort_io_binding *binding);
    ort_result (*_Nonnull bind_input)(ort_io_binding *binding, const char *name, const ort_value *value);
    ort_result (*_Nonnull bind_output)(ort_io_binding *binding, const char *name, const ort_value *value);
    uintptr_t gap_138[32];
    ort_result (*_Nonnull append_tensorrt)(ort_session_options *options, const ort_tensorrt_options *provider);
    ort_result (*_Nonnull create_tensorrt_options)(ort_tensorrt_options *_Nullable *_Nonnull out);
    uintptr_t gap_172[2];
    void (*_Nonnull release_tensorrt_options)(ort_tensorrt_options *provider);
    uintptr_t gap_175[29];
    ort_result (*_Nonnull append_cuda)(ort_session_options *options, const ort_cuda_options *provider);
    ort_result (*_Nonnull create_cuda_options)(ort_cuda_options *_Nullable *_Nonnull out);
    uintptr_t gap_206[2];
    void (*_Nonnull release_cuda_options)(ort_cuda_options *provider);
    uintptr_t gap_209[7];
    ort_result (*_Nonnull append_provider)(ort_session_options *options, const char *name,
                                           const char *_Nullable const *_Nullable keys,
                                           const char *_Nullable const *_Nullable values, size_t count);
} ort_api;

/// What the library's only exported function, OrtGetApiBase, returns.
typedef struct {
    /// Null if the library does not have that version of the table; it then also writes to standard error.
    const ort_api *_Nullable (*_Nonnull get_api)(uint32_t version);
    const char *_Nonnull (*_Nonnull get_version_string)(void);
} ort_api_base;

#pragma clang assume_nonnull end

#endif
