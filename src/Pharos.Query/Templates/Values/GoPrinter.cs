using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Values;

/// <summary>Values as Go's <c>fmt</c> prints them with <c>%v</c>: <c>print</c>, <c>println</c> and the actions use it.</summary>
public static class GoPrinter
{
    /// <summary><c>fmt.Sprint</c>: a blank between two operands neither of which is text.</summary>
    public static string Print(ReadOnlySpan<TemplateValue> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0 && !values[i].IsText && !values[i - 1].IsText)
            {
                text.Append(' ');
            }
            GoFormat.AppendValue(text, 'v', default, values[i]);
        }
        return text.ToString();
    }

    /// <summary><c>fmt.Sprintln</c>: a blank between all operands, a line end after them.</summary>
    public static string PrintLine(ReadOnlySpan<TemplateValue> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                text.Append(' ');
            }
            GoFormat.AppendValue(text, 'v', default, values[i]);
        }
        return text.Append('\n').ToString();
    }

    public static string Print(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Text or TemplateKind.Html or TemplateKind.Url => value.Text,
        TemplateKind.Integer when value.Type is null => value.Integer.ToString(CultureInfo.InvariantCulture),
        TemplateKind.Float => GoFloat.FormatG(value.Float),
        // An action prints what a pointer points to.
        TemplateKind.Object when value.TypeName.StartsWith('*') => Print([value]) is ['&', .. var pointedTo] ? pointedTo : Print([value]),
        _ => Print([value]),
    };
}
