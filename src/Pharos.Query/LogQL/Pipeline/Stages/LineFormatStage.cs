using Pharos.Query.LogQL.Pipeline.Formatting;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>A line made of a template; where the template fails, the line stays as it was.</summary>
internal sealed class LineFormatStage(LogStage.LineFormat stage, LabelKeys keys, TimeProvider time) : LineStage
{
    private readonly LogTemplate _template = new("line", stage.Template, keys, time);
    private readonly ByteText _line = new();

    public override bool Apply(ref LogLine line)
    {
        _line.Clear();
        if (_template.Write(line, _line) is { } problem)
        {
            line.Labels.Fail(LineErrors.Template, problem);
            return true;
        }
        line.Text = _line.Written;
        return true;
    }
}
