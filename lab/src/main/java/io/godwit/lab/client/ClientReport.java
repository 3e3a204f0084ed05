package io.godwit.lab.client;

/** The key {@code client} of the report (docs/report.md). */
public record ClientReport(TcpCounts tcp, UdpCounts udp) {}
