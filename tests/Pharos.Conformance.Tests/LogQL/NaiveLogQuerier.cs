using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.LogQL;

internal sealed class NaiveLogQuerier(IReadOnlyList<NaiveEntry> entries, int rowsPerBlock) : ILogQuerier
{
    public IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        [.. Matching(matchers).Select(static entry => entry.Stream).Distinct().OrderBy(static stream => stream.Labels)];

    public IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        [.. entries.Chunk(rowsPerBlock).Select(chunk => new NaiveLogBlock(chunk, stream => Matches(stream, matchers)))
            .Where(static block => block.Runs.Count > 0).OrderBy(static block => block.MinTimeNs)];

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        [.. Matching(matchers).SelectMany(static entry => entry.Stream.Labels.Select(static label => label.Name)).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        [.. Matching(matchers).Select(entry => entry.Stream.Labels[name]).Where(static value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    public void Dispose()
    {
    }

    private static bool Matches(LogStream stream, IReadOnlyList<LabelMatcher> matchers) =>
        matchers.All(matcher => matcher.Matches(stream.Labels[matcher.Name]));

    private IEnumerable<NaiveEntry> Matching(IReadOnlyList<LabelMatcher> matchers) => entries.Where(entry => Matches(entry.Stream, matchers));
}
