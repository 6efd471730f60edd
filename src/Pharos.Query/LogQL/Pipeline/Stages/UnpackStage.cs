namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Undoes Promtail's <c>pack</c>: texts of an object as labels and its <c>_entry</c> as the line; nothing where there is no such key.</summary>
internal sealed class UnpackStage(LabelKeys keys) : LineStage
{
    private const string NoObject = "expecting json object(6), but it is not";

    private readonly ByteText _line = new();
    private readonly ByteText _text = new();
    private readonly ByteText _name = new();

    public override bool Apply(ref LogLine line)
    {
        if (line.Text.IsEmpty)
        {
            return true;
        }
        var reader = new JsonLineReader(line.Text);
        if (!reader.TryEnterObject())
        {
            line.Labels.Fail(LineErrors.Json, NoObject);
            return true;
        }
        var packed = false;
        while (reader.NextKey(out var key))
        {
            var kind = reader.Kind;
            if (!reader.ReadValue(out var value))
            {
                break;
            }
            if (kind == JsonLineKind.String && key.SequenceEqual("_entry"u8))
            {
                _line.Clear();
                _line.Add(JsonLineReader.Unescape(value, _text));
                packed = true;
            }
        }
        if (reader.Fault is not null)
        {
            line.Labels.Fail(LineErrors.Json, reader.Fault);
            return true;
        }
        if (packed)
        {
            SetLabels(line.Text, line.Labels);
            line.Text = _line.Written;
        }
        return true;
    }

    private void SetLabels(ReadOnlySpan<byte> text, LineLabels labels)
    {
        var reader = new JsonLineReader(text);
        reader.TryEnterObject();
        while (reader.NextKey(out var name))
        {
            var kind = reader.Kind;
            reader.ReadValue(out var value);
            if (kind != JsonLineKind.String || name.SequenceEqual("_entry"u8))
            {
                continue;
            }
            _name.Clear();
            LabelNames.AddSanitized(name, _name, isFirst: true);
            if (labels.Extract(keys.Get(_name.Written)) is { } key)
            {
                labels.Set(key, JsonLineReader.Unescape(value, _text));
            }
        }
    }
}
