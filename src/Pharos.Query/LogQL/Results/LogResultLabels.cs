using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Results;

/// <summary>An entry's labels by where they come from; a name is in one category only. Values may be empty.</summary>
/// <param name="Stream">Of the stream, without those that stages took away or replaced.</param>
/// <param name="Metadata">Structured metadata.</param>
/// <param name="Parsed">Made by stages, <c>__error__</c> among them.</param>
public sealed record LogResultLabels(LabelSet Stream, LabelSet Metadata, LabelSet Parsed)
{
    private LabelSet? _all;

    public LabelSet All => _all ??= Metadata.Count + Parsed.Count == 0 ? Stream
        : LabelSet.OfTexts((ReadOnlySpan<Label>)[.. Stream.Span, .. Metadata.Span, .. Parsed.Span]);
}
