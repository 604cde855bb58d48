import Testing

/// Tests against the loopback server, one after the other: some measure how soon a reply stops.
@Suite(.serialized) struct PeerTests {}
