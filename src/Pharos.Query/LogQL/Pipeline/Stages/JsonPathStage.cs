using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Chosen values of a JSON document as labels: a text as it reads, anything else as it is written, what is missing as the empty text.</summary>
internal sealed class JsonPathStage(LogStage.Json stage, LabelKeys keys) : LineStage
{
    private readonly (LabelKey Key, IReadOnlyList<JsonPath.Step> Path)[] _paths =
        [.. stage.Expressions.Select(expression => (keys.Pin(expression.Label), JsonPath.Parse(expression.Expression)))];

    private readonly ByteText _text = new();

    public override bool Apply(ref LogLine line)
    {
        if (line.Text.IsEmpty || line.Labels.HasError)
        {
            return true;
        }
        if (line.Text[0] is not ((byte)'"' or (byte)'{' or (byte)'['))
        {
            line.Labels.Fail(LineErrors.Json, null);
            return true;
        }
        foreach (var (name, path) in _paths)
        {
            if (line.Labels.Extract(name) is not { } key)
            {
                continue;
            }
            var reader = new JsonLineReader(line.Text);
            line.Labels.Set(key, TryFind(ref reader, path, out var kind, out var value)
                ? kind == JsonLineKind.String ? JsonLineReader.Unescape(value, _text) : kind == JsonLineKind.Null ? default : value
                : default);
        }
        return true;
    }

    private bool TryFind(ref JsonLineReader reader, IReadOnlyList<JsonPath.Step> path, out JsonLineKind kind, out ReadOnlySpan<byte> value)
    {
        kind = JsonLineKind.Bad;
        value = default;
        foreach (var step in path)
        {
            if (!(step.Key is null ? TryItem(ref reader, step.Index) : TryKey(ref reader, step.Key)))
            {
                return false;
            }
        }
        kind = reader.Kind;
        return reader.ReadValue(out value);
    }

    private bool TryKey(ref JsonLineReader reader, byte[] wanted)
    {
        if (!reader.TryEnterObject())
        {
            return false;
        }
        while (reader.NextKey(out var key))
        {
            if ((key.IndexOf((byte)'\\') < 0 ? key : JsonLineReader.Unescape(key, _text)).SequenceEqual(wanted))
            {
                return true;
            }
            if (!reader.SkipValue())
            {
                return false;
            }
        }
        return false;
    }

    private static bool TryItem(ref JsonLineReader reader, int index)
    {
        if (!reader.TryEnterArray())
        {
            return false;
        }
        for (var i = 0; reader.NextItem(); i++)
        {
            if (i == index)
            {
                return true;
            }
            if (!reader.SkipValue())
            {
                return false;
            }
        }
        return false;
    }
}
