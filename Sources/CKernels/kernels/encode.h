// Quantizers: floats to blocks of each format. The input is a whole number of blocks, all values within the format's
// range. (Included once by each path.)

#include "fit.h"
#include "encode_floats.h"
#include "encode_blocks.h"
#include "fit_superblock.h"
#include "fit_signed_superblock.h"
#include "encode_superblocks.h"
#include "encode_signed_superblocks.h"
