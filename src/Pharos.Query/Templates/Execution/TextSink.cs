using System.Text;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <summary>Plain text: values as they print.</summary>
public sealed class TextSink : ITemplateSink
{
    private readonly StringBuilder _text = new();

    public void WriteText(string text)
    {
        if (_text.Length + text.Length > TemplateLimits.MaxOutputChars)
        {
            throw new TemplateException("the template's output is too long");
        }
        _text.Append(text);
    }

    public void WriteValue(TemplateValue value, string? lastFunction) =>
        WriteText(value.Kind == TemplateKind.None ? "<no value>" : GoPrinter.Print(value));

    public override string ToString() => _text.ToString();
}
