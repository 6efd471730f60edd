using Pharos.Query.LogQL.Pipeline.Formatting;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Labels made of templates, or renamed.</summary>
internal sealed class LabelFormatStage(LogStage.LabelFormat stage, LabelKeys keys, TimeProvider time) : LineStage
{
    private readonly Format[] _formats = [.. stage.Formats.Select(format => format.IsRename
        ? new Format(keys.Pin(format.Label), keys.Pin(format.Source), null)
        : new Format(keys.Pin(format.Label), null, new LogTemplate(format.Label, format.Source, keys, time)))];

    private readonly ByteText _text = new();

    public override bool Apply(ref LogLine line)
    {
        foreach (var format in _formats)
        {
            _text.Clear();
            if (format.Source is { } source)
            {
                if (line.Labels.TryGet(source, out var value))
                {
                    var category = line.Labels.CategoryOf(source);
                    _text.Add(value);
                    line.Labels.Delete(source);
                    line.Labels.Set(format.Target, _text.Written, category);
                }
            }
            else if (format.Template!.Write(line, _text) is { } problem)
            {
                line.Labels.Fail(LineErrors.Template, problem);
            }
            else
            {
                line.Labels.Set(format.Target, _text.Written);
            }
        }
        return true;
    }

    private readonly record struct Format(LabelKey Target, LabelKey? Source, LogTemplate? Template);
}
