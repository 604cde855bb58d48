// The Markdown parser with GitHub's extensions: its public headers, nothing of our own.
#ifndef SOTTO_CMARK_GFM_H
#define SOTTO_CMARK_GFM_H

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

#endif
