package dev.anabranch.gateway.relay;

import java.time.Instant;

/** A moment in a branch's traffic: its tick among all that passed through, and the wall clock. */
record Mark(long tick, Instant time) {}
