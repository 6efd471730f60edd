using Pharos.Query.LogQL.Pipeline.Probing;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Every scalar of a JSON object as a label; names of what lies inside are joined by an underscore.</summary>
/// <remarks>Arrays and null are left out. Where not all labels are wanted, what nobody wants is skipped unread, and the stage ends when it has
/// found all that is; the fields of the outermost object are then known by the bytes around them, see <see cref="JsonLayout"/>.</remarks>
internal sealed class JsonStage(LabelKeys keys) : LineStage
{
    /// <summary>Deeper objects are an error: lines come from outside, and this calls itself for each.</summary>
    private const int MaxDepth = 128;

    /// <summary>Lines after which a layout with too many fields is forgotten.</summary>
    private const int LinesPerLayout = 4096;

    /// <summary>Null where every field is wanted: names cost little beside the labels then.</summary>
    private readonly JsonLayout? _layout = keys.OnlyWanted ? new JsonLayout() : null;

    private readonly ByteText _name = new();
    private readonly ByteText _text = new();
    private int _found;
    private int _lines;

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
        var outcome = _layout is null ? Object(ref reader, line.Labels, 0) : Known(_layout, ref reader, line.Labels);
        if (outcome == Outcome.Failed)
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

    /// <summary>The outermost object, as <see cref="Object"/> reads it.</summary>
    private Outcome Known(JsonLayout layout, ref JsonLineReader reader, LineLabels labels)
    {
        if (++_lines % LinesPerLayout == 0)
        {
            layout.MakeRoom();
        }
        var field = layout.Start;
        while (true)
        {
            JsonStep step;
            if (field is not null && reader.After(field) is { } known)
            {
                reader.GoTo(known);
                (field, step) = (known, known.Step);
            }
            else
            {
                var from = reader.At;
                if (!reader.NextKey(out var key))
                {
                    return reader.Fault is null ? Outcome.GoesOn : Outcome.Failed;
                }
                _name.Clear();
                var isWanted = AddName(key, 0) && IsWanted(reader.Kind);
                step = new JsonStep(KindOf(reader.Kind), 0, isWanted, isWanted && reader.Kind != JsonLineKind.Object ? keys.Pin(_name.Written) : null);
                field = reader.Kind == JsonLineKind.Bad
                    ? null : layout.Learn(field, reader.Since(from, step.Kind == JsonFieldKind.Text ? 1 : 0), 0, step);
            }
            if (!step.IsWanted)
            {
                if (!reader.SkipValue())
                {
                    return Outcome.Failed;
                }
                continue;
            }
            var outcome = Value(ref reader, labels, 0, step.Key);
            if (outcome != Outcome.GoesOn)
            {
                return outcome;
            }
        }
    }

    private static JsonFieldKind KindOf(JsonLineKind kind) => kind switch
    {
        JsonLineKind.String => JsonFieldKind.Text,
        JsonLineKind.Number => JsonFieldKind.Number,
        JsonLineKind.Object => JsonFieldKind.Object,
        _ => JsonFieldKind.Other,
    };

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
            var outcome = Value(ref reader, labels, depth, null);
            if (outcome != Outcome.GoesOn)
            {
                return outcome;
            }
        }
        _name.Truncate(prefix);
        return reader.Fault is null ? Outcome.GoesOn : Outcome.Failed;
    }

    /// <param name="reader">At the value.</param>
    /// <param name="labels">Get it.</param>
    /// <param name="depth">Of its object.</param>
    /// <param name="known">The key of its name; null where it has to be looked up.</param>
    private Outcome Value(ref JsonLineReader reader, LineLabels labels, int depth, LabelKey? known)
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
        if (labels.Extract(known ?? keys.Get(_name.Written)) is not { } key)
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
