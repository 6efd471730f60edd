using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>A span while it is adjusted, and what is to be said about it.</summary>
internal sealed class AdjustedSpan(Span span)
{
    private List<string>? _warnings;

    public Span Span { get; set; } = span;

    public void Warn(string warning) => (_warnings ??= []).Add(warning);

    /// <summary>The span with its warnings among its attributes.</summary>
    public Span ToSpan() => _warnings is null ? Span : SpanWarningList.Add(Span, _warnings);
}
