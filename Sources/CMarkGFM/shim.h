// The public headers of the cmark-gfm Markdown parser and its extensions.
#ifndef SOTTO_CMARK_GFM_H
#define SOTTO_CMARK_GFM_H

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

#endif
