namespace Pharos.Server.Api.Loki.Patterns;

/// <summary>Finds the shapes that lines have: lines of the same length and beginning that are alike enough are one.</summary>
/// <remarks>The idea of Drain (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", 2017), with a tree of one level:
/// number of tokens and first word. Not thread-safe.</remarks>
internal sealed class PatternMiner(long startNs, long stepNs)
{
    /// <summary>Patterns that are told apart; what fits none of them then is not counted.</summary>
    public const int MaxClusters = 300;

    /// <summary>Longer lines are seldom written by a pattern.</summary>
    public const int MaxLineBytes = 3000;

    /// <summary>The share of tokens in which two lines of a pattern agree.</summary>
    private const double MinSimilarity = 0.4;

    private readonly PatternTokens _tokens = new();
    private readonly Dictionary<(int Count, ulong First), List<PatternCluster>> _byShape = [];

    private int _clusters;

    public void Add(ReadOnlySpan<byte> line, long timeNs)
    {
        if (line.IsEmpty || line.Length > MaxLineBytes)
        {
            return;
        }
        _tokens.Read(line);
        var tokens = _tokens.Tokens;
        if (tokens.IsEmpty)
        {
            return;
        }
        var key = (tokens.Length, tokens[0]);
        if (!_byShape.TryGetValue(key, out var clusters))
        {
            _byShape.Add(key, clusters = []);
        }
        PatternCluster? best = null;
        var similarity = 0.0;
        foreach (var cluster in clusters)
        {
            if (cluster.Similarity(tokens) is var found && found > similarity)
            {
                (best, similarity) = (cluster, found);
            }
        }
        if (best is null || similarity < MinSimilarity)
        {
            if (_clusters == MaxClusters)
            {
                return;
            }
            _clusters++;
            clusters.Add(best = _tokens.ToCluster(line));
        }
        best.Add(tokens, startNs + ((timeNs - startNs) / stepNs * stepNs));
    }

    /// <summary>The most frequent first.</summary>
    public IReadOnlyList<PatternCluster> Clusters() =>
        [.. _byShape.Values.SelectMany(static clusters => clusters).OrderByDescending(static cluster => cluster.Count)
            .ThenBy(static cluster => cluster.ToString(), StringComparer.Ordinal)];
}
