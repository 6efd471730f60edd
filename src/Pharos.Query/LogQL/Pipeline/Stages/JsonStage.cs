namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Every scalar of a JSON object as a label; names of what lies inside are joined by an underscore.</summary>
/// <remarks>Arrays and null are left out. Where not all labels are wanted, what nobody wants is skipped unread, and the stage ends when it has
/// found all that is.</remarks>
internal sealed class JsonStage(LabelKeys keys) : LineStage
{
    /// <summary>Deeper objects are an error: lines come from outside, and this calls itself for each.</summary>
    private const int MaxDepth = 128;

    private readonly ByteText _name = new();
    private readonly ByteText _text = new();
    private int _found;

    public override bool Apply(ref LogLine line)
    {
        var reader = new JsonLineReader(line.Text);
        _name.Clear();
        _found = 0;
        if (keys.OnlyWanted && keys.WantedCount == 0)
        {
            return true;
        }
        if (!reader.TryEnterObject())
        {
            line.Labels.Fail(LineErrors.Json, JsonLineReader.NoObject);
            return true;
        }
        if (Object(ref reader, line.Labels, 0) == Outcome.Failed)
        {
            line.Labels.Fail(LineErrors.Json, reader.Fault);
        }
        return true;
    }

    private enum Outcome
    {
        GoesOn,
        Failed,
        HasAll,
    }

    private Outcome Object(ref JsonLineReader reader, LineLabels labels, int depth)
    {
        if (depth > MaxDepth)
        {
            return Outcome.Failed;
        }
        var prefix = _name.Length;
        while (reader.NextKey(out var key))
        {
            _name.Truncate(prefix);
            if (!AddName(key, prefix) || !IsWanted(reader.Kind))
            {
                if (!reader.SkipValue())
                {
                    return Outcome.Failed;
                }
                continue;
            }
            var outcome = Value(ref reader, labels, depth);
            if (outcome != Outcome.GoesOn)
            {
                return outcome;
            }
        }
        _name.Truncate(prefix);
        return reader.Fault is null ? Outcome.GoesOn : Outcome.Failed;
    }

    private Outcome Value(ref JsonLineReader reader, LineLabels labels, int depth)
    {
        if (reader.Kind == JsonLineKind.Object)
        {
            reader.TryEnterObject();
            return Object(ref reader, labels, depth + 1);
        }
        var kind = reader.Kind;
        if (!reader.ReadValue(out var value))
        {
            return Outcome.Failed;
        }
        if (kind is JsonLineKind.Array or JsonLineKind.Null)
        {
            return Outcome.GoesOn;
        }
        if (labels.Extract(keys.Get(_name.Written)) is not { } key)
        {
            return Outcome.GoesOn;
        }
        labels.Set(key, kind == JsonLineKind.String ? JsonLineReader.Unescape(value, _text) : value);
        return keys.StopsEarly && ++_found == keys.WantedCount ? Outcome.HasAll : Outcome.GoesOn;
    }

    /// <summary>Whether a value of this name, or something inside it, is asked for.</summary>
    private bool IsWanted(JsonLineKind kind)
    {
        if (!keys.OnlyWanted)
        {
            return true;
        }
        if (kind != JsonLineKind.Object)
        {
            return keys.Wants(_name.Written);
        }
        foreach (var wanted in keys.WantedKeys)
        {
            if (wanted.Utf8.AsSpan().StartsWith(_name.Written))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Adds a part to the name; false for one of blanks only.</summary>
    private bool AddName(ReadOnlySpan<byte> key, int prefix)
    {
        if (key.IndexOf((byte)'\\') >= 0)
        {
            key = JsonLineReader.Unescape(key, _text);
        }
        key = key.Trim(" \t\r\n"u8);
        if (key.IsEmpty)
        {
            return false;
        }
        if (prefix > 0)
        {
            _name.Add((byte)'_');
        }
        LabelNames.AddSanitized(key, _name, isFirst: prefix == 0);
        return true;
    }
}
