using System.Text;
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
    private readonly JsonLayout _layout = new();
    private readonly ShortTexts<bool> _known = new();
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
        _layout.MakeRoom();
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
        var walk = new JsonWalk(lines, start, end);
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
        var isFound = false;
        var depth = 0;
        var field = _layout.Start;
        while (true)
        {
            JsonStep step;
            if (field is not null && walk.After(field) is { } known)
            {
                walk.Pass(known.Length);
                step = known.Step;
                field = known;
            }
            else
            {
                var from = walk.At;
                if (!TryReach(ref walk, depth, out step))
                {
                    return ProbeAnswer.Unsure;
                }
                field = _layout.Learn(field, walk.Since(from), depth, step);
            }
            if (step.Kind == JsonFieldKind.End)
            {
                return !isFound && _condition.MissingHolds ? ProbeAnswer.Holds : ProbeAnswer.Drops;
            }
            depth = step.Depth;
            if (!TryTake(ref walk, step.Kind, out var value, out var isOdd))
            {
                return ProbeAnswer.Unsure;
            }
            if (step.IsWanted && !isFound)
            {
                if (isOdd || (step.Kind == JsonFieldKind.Text && !Ascii.IsValid(value)))
                {
                    return ProbeAnswer.Unsure;
                }
                var answer = Holds(value) ? ProbeAnswer.Holds : ProbeAnswer.Drops;
                if (answer != ProbeAnswer.Drops || !_condition.ErrorsHold || _isAllThatIsWanted)
                {
                    return answer;
                }
                isFound = true;
            }
        }
    }

    /// <summary>Goes on behind a value, or at the line's start, to the next value, or to the end of the outermost object.</summary>
    /// <param name="walk">The line's.</param>
    /// <param name="depth">How many objects are open.</param>
    /// <param name="step">What was reached.</param>
    private bool TryReach(ref JsonWalk walk, int depth, out JsonStep step)
    {
        step = default;
        var begins = depth == 0;
        if (begins && !walk.Take((byte)'{'))
        {
            return false;
        }
        depth += begins ? 1 : 0;
        while (true)
        {
            if (begins && walk.Take((byte)'}'))
            {
                (depth, begins) = (depth - 1, false);
            }
            if (!begins)
            {
                // Behind a value: what ends objects, then the next name.
                while (depth > 0 && !walk.Take((byte)','))
                {
                    if (!walk.Take((byte)'}'))
                    {
                        return false;
                    }
                    depth--;
                }
                if (depth == 0)
                {
                    step = new JsonStep(JsonFieldKind.End, 0, IsWanted: false, null);
                    return true;
                }
            }
            if (!walk.Take((byte)'"') || !walk.TakeText(out var key, out var isEscaped) || !walk.Take((byte)':'))
            {
                return false;
            }
            var isObject = walk.IsAt((byte)'{');
            var isWanted = false;
            if (depth == 1 && (isEscaped || !TryJudge(key, isObject, out isWanted)))
            {
                return false;
            }
            if (!isObject)
            {
                step = new JsonStep(walk.Kind, depth, isWanted, null);
                walk.Pass(step.Kind == JsonFieldKind.Text ? 1 : 0);
                return true;
            }
            if (++depth > MaxDepth)
            {
                return false;
            }
            walk.Pass(1);
            begins = true;
        }
    }

    /// <param name="walk">At the value; of a text behind its first quote.</param>
    /// <param name="kind">Of the value.</param>
    /// <param name="value">As it will be in a label, unless <paramref name="isOdd"/>.</param>
    /// <param name="isOdd">Whether the stages would make no label of it, or one of other bytes.</param>
    private static bool TryTake(ref JsonWalk walk, JsonFieldKind kind, out ReadOnlySpan<byte> value, out bool isOdd)
    {
        switch (kind)
        {
            case JsonFieldKind.Text:
                return walk.TakeText(out value, out isOdd);
            case JsonFieldKind.Number:
                isOdd = false;
                return walk.TakeNumber(out value);
            default:
                var isTaken = walk.TakeOther(out value);
                isOdd = value.IsEmpty;
                return isTaken;
        }
    }

    /// <summary>Whether the condition holds of a value; short ones come again and again.</summary>
    private bool Holds(ReadOnlySpan<byte> value)
    {
        if (!ShortTexts<bool>.TryPack(value, out var packed))
        {
            return _condition.Holds(value);
        }
        if (!_known.TryGet(packed, out var holds))
        {
            holds = _condition.Holds(value);
            _known.Set(packed, holds);
        }
        return holds;
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
