namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>One question: PromQL and the times it is asked for.</summary>
/// <param name="Parameters">The rest of the API's parameters, of <c>query</c> or <c>query_range</c>.</param>
internal sealed record GeneratedQuery(string Text, bool IsRange, string Parameters)
{
    public string PathFor(string text) => $"/api/v1/{(IsRange ? "query_range" : "query")}?query={Uri.EscapeDataString(text)}&{Parameters}";

    public override string ToString() => $"{Text}   [{Parameters}]";
}
