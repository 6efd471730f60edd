namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Which traces a list begins with.</summary>
internal enum TraceOrder
{
    Newest,
    Longest,
    Shortest,
    MostSpans,
    FewestSpans,
}
