using System.Text;

namespace Pharos.Server.Api.Loki.Patterns;

/// <summary>Lines of the same shape: what they have in common, and how many came when.</summary>
internal sealed class PatternCluster(ulong[] tokens, string[] texts, bool[] spaces)
{
    /// <summary>Stands in a pattern for what differs.</summary>
    public const string Any = "<_>";

    private readonly SortedDictionary<long, long> _counts = [];

    public int Length => tokens.Length;

    public long Count { get; private set; }

    /// <summary>How many lines came in the step that begins then, nanoseconds.</summary>
    public IReadOnlyDictionary<long, long> Counts => _counts;

    /// <summary>The share of places that have the same token. A place where anything may stand counts for as little as a miss, so that
    /// the cluster that fits best is the one that says most.</summary>
    public double Similarity(ReadOnlySpan<ulong> line)
    {
        var same = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            same += tokens[i] == line[i] && tokens[i] != PatternTokens.Variable ? 1 : 0;
        }
        return same / (double)tokens.Length;
    }

    /// <summary>Counts a line, and forgets where it differs.</summary>
    public void Add(ReadOnlySpan<ulong> line, long stepNs)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] != line[i])
            {
                tokens[i] = PatternTokens.Variable;
            }
        }
        Count++;
        _counts.TryGetValue(stepNs, out var count);
        _counts[stepNs] = count + 1;
    }

    /// <summary>The pattern, as LogQL's <c>|&gt;</c> takes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens.Length; i++)
        {
            var isVariable = tokens[i] == PatternTokens.Variable;
            if (spaces[i])
            {
                text.Append(' ');
            }
            else if (isVariable && i > 0 && tokens[i - 1] == PatternTokens.Variable)
            {
                // Two captures beside one another would be no pattern.
                continue;
            }
            text.Append(isVariable ? Any : texts[i]);
        }
        return text.ToString();
    }
}
