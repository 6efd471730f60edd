namespace Pharos.Query.PromQL;

/// <summary>What makes a query too expensive while the server is short of something.</summary>
/// <param name="MaxSamples">The most samples that a query may hold at once.</param>
/// <param name="Timeout">The longest that a query may run.</param>
/// <param name="Reason">What the server is short of, for the error.</param>
public sealed record QueryShedding(long MaxSamples, TimeSpan Timeout, string Reason);
