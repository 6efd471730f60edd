using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>Decides a condition on a field of JSON lines from their bytes, without making a label.</summary>
/// <remarks>What is exploited: most lines are objects without anything odd in them, and most are dropped. Exact: a line is dropped here only if
/// the stages would drop it. What is unusual is left to them: a name with an escape, a name that may become another's, anything that is no
/// sound JSON. The plain twin is <see cref="LogPipeline"/>. Not thread-safe.</remarks>
internal sealed class JsonFieldProbe
{
    private const int LinesPerJudgement = 1024;

    /// <summary>Deeper objects are left to the stages, which refuse them somewhere.</summary>
    private const int MaxDepth = 32;

    private readonly FieldCondition _condition;
    private readonly byte[] _name;
    private readonly bool _mayBeNested;
    private readonly bool _isAllThatIsWanted;
    private readonly QuoteMap _map = new();
    private int _seen;
    private int _dropped;

    private JsonFieldProbe(FieldCondition condition, bool isAllThatIsWanted)
    {
        (_condition, _name, _isAllThatIsWanted) = (condition, condition.Utf8, isAllThatIsWanted);
        _mayBeNested = condition.Name.Contains('_', StringComparison.Ordinal);
    }

    /// <summary>False where too few lines of the block were dropped.</summary>
    public bool IsUseful { get; private set; }

    /// <summary>Null where no condition can be decided.</summary>
    /// <param name="stages">Of the query.</param>
    /// <param name="wanted">The only labels that the stages look for, so that they may end early; null for all.</param>
    public static JsonFieldProbe? For(IReadOnlyList<LogStage> stages, IReadOnlyCollection<string>? wanted) =>
        FieldCondition.Of(stages) is { } condition ? new JsonFieldProbe(condition, wanted is { Count: 1 } && wanted.Contains(condition.Name)) : null;

    /// <summary>The lines that follow lie in this text.</summary>
    public void Begin(ReadOnlySpan<byte> lines)
    {
        _map.Set(lines);
        (_seen, _dropped, IsUseful) = (0, 0, true);
    }

    /// <summary>Whether the field of a stream's rows is not hidden by a label that they bring along.</summary>
    public bool CanTell(LogStream stream, LogRows rows)
    {
        foreach (var column in rows.Metadata)
        {
            if (column.Name == _condition.Name)
            {
                return false;
            }
        }
        return !stream.Labels.Has(_condition.Name);
    }

    /// <param name="lines">The text that the probe began with.</param>
    /// <param name="start">Of the line.</param>
    /// <param name="end">Of the line.</param>
    public ProbeAnswer Ask(ReadOnlySpan<byte> lines, int start, int end)
    {
        var walk = new JsonWalk(lines[..end], _map.Words, start);
        var answer = Walk(ref walk);
        _dropped += answer == ProbeAnswer.Drops ? 1 : 0;
        if (++_seen == LinesPerJudgement)
        {
            IsUseful = _dropped > LinesPerJudgement / 16;
            (_seen, _dropped) = (0, 0);
        }
        return answer;
    }

    private ProbeAnswer Walk(ref JsonWalk walk)
    {
        if (!walk.Take((byte)'{'))
        {
            return ProbeAnswer.Unsure;
        }
        var (depth, isFound, begins) = (1, false, true);
        while (true)
        {
            if (begins && walk.Take((byte)'}'))
            {
                depth--;
            }
            else
            {
                if (!walk.TakeText(out var key, out var isEscaped) || !walk.Take((byte)':'))
                {
                    return ProbeAnswer.Unsure;
                }
                var isWanted = false;
                if (depth == 1)
                {
                    if (isEscaped || !TryJudge(key, walk.IsAt((byte)'{'), out isWanted))
                    {
                        return ProbeAnswer.Unsure;
                    }
                    isWanted &= !isFound;
                }
                if (walk.Take((byte)'{'))
                {
                    if (isWanted || ++depth > MaxDepth)
                    {
                        return ProbeAnswer.Unsure;
                    }
                    begins = true;
                    continue;
                }
                if (isWanted)
                {
                    if (Decide(ref walk) is var answer && (answer != ProbeAnswer.Drops || !_condition.ErrorsHold || _isAllThatIsWanted))
                    {
                        return answer;
                    }
                    isFound = true;
                }
                else if (!walk.SkipPlainValue())
                {
                    return ProbeAnswer.Unsure;
                }
            }

            // Behind a value: what ends objects, then the next name.
            begins = false;
            while (depth > 0 && !walk.Take((byte)','))
            {
                if (!walk.Take((byte)'}'))
                {
                    return ProbeAnswer.Unsure;
                }
                depth--;
            }
            if (depth == 0)
            {
                return !isFound && _condition.MissingHolds ? ProbeAnswer.Holds : ProbeAnswer.Drops;
            }
        }
    }

    private ProbeAnswer Decide(ref JsonWalk walk)
    {
        // Null and arrays are no labels.
        if (!walk.TakeScalar(out var value, out var isOdd) || isOdd)
        {
            return ProbeAnswer.Unsure;
        }
        return _condition.Holds(value) ? ProbeAnswer.Holds : ProbeAnswer.Drops;
    }

    /// <summary>Whether a name of the outermost object is the field's.</summary>
    /// <returns>False where that is not sure, or the name may be that of an error.</returns>
    private bool TryJudge(ReadOnlySpan<byte> key, bool isObject, out bool isWanted)
    {
        isWanted = false;
        if (key.IsEmpty)
        {
            return false;
        }
        var beginsWithLetter = char.IsAsciiLetter((char)key[0]);

        // What becomes a label of an error begins with two bytes that are no letters.
        if (!beginsWithLetter && (key.Length < 2 || !char.IsAsciiLetter((char)key[1])))
        {
            return false;
        }
        if (isObject)
        {
            // Its own name is none of a label, but what lies inside begins with it.
            return !_mayBeNested || (beginsWithLetter && key[0] != _name[0]);
        }
        var last = key[^1];
        if (last != _name[^1] && LabelNames.IsAllowed(last))
        {
            return true;
        }
        isWanted = key.SequenceEqual(_name);
        return isWanted || (beginsWithLetter && LabelNames.AreAllowed(key));
    }
}
