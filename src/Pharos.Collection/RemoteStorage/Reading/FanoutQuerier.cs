using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>One view: the local store's, and what remote endpoints answer to the same selectors.</summary>
internal sealed class FanoutQuerier(
    IMetricQuerier local, IReadOnlyList<(RemoteReadClient Client, long MaxTimeMs)> remotes, long minTimeMs)
    : IMetricQuerier
{
    /// <summary>Bounds the warnings that one query collects.</summary>
    private const int MaxWarnings = 100;

    private readonly Lock _lock = new();
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock)
            {
                return [.. local.Warnings, .. _warnings];
            }
        }
    }

    public IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var asked = remotes.Where(remote => HasRequired(remote.Client.Options, matchers)).ToArray();
        if (asked.Length == 0)
        {
            return local.Select(matchers, cancellation);
        }
        var answers = Task.WhenAll(asked.Select(remote => Task.Run(
            () => AskAsync(remote.Client, new ReadQuery(minTimeMs, remote.MaxTimeMs, matchers), cancellation), cancellation)));
        var merged = new SortedDictionary<LabelSet, FanoutSeries>();
        foreach (var series in local.Select(matchers, cancellation))
        {
            merged[series.Labels] = new FanoutSeries(series);
        }
        // Evaluation is synchronous by design; this thread belongs to the query, and there is no context to deadlock on.
        foreach (var series in answers.GetAwaiter().GetResult().SelectMany(answer => answer))
        {
            if (merged.TryGetValue(series.Labels, out var there))
            {
                there.Add(series);
            }
            else
            {
                merged[series.Labels] = new FanoutSeries(series);
            }
        }
        return [.. merged.Values];
    }

    /// <summary>The protocol has no question for names: those of the local store.</summary>
    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        local.LabelNames(matchers, cancellation);

    /// <inheritdoc cref="LabelNames"/>
    public IReadOnlyList<string> LabelValues(
        string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        local.LabelValues(name, matchers, cancellation);

    public void Dispose() => local.Dispose();

    private static bool HasRequired(RemoteReadOptions options, IReadOnlyList<LabelMatcher> matchers) =>
        options.RequiredMatchers.All(required => matchers.Any(matcher =>
            matcher.Type is MatchType.Equal && matcher.Name == required.Key && matcher.Value == required.Value));

    private async Task<IReadOnlyList<ReadSeries>> AskAsync(RemoteReadClient client, ReadQuery query, CancellationToken cancellation)
    {
        try
        {
            return await client.ReadAsync(query, cancellation).ConfigureAwait(false);
        }
        catch (RemoteReadException e)
        {
            lock (_lock)
            {
                if (_warnings.Count < MaxWarnings && !_warnings.Contains(e.Message))
                {
                    _warnings.Add(e.Message);
                }
            }
            return [];
        }
    }
}
