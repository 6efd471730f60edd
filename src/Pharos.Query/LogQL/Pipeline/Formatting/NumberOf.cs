using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>What a template's value is as a number: text is read, what is none is zero.</summary>
internal static class NumberOf
{
    public static long Integer(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Integer => value.Integer,
        TemplateKind.Float => (long)value.Float,
        TemplateKind.Bool => value.Bool ? 1 : 0,
        TemplateKind.Text when long.TryParse(value.Text, System.Globalization.NumberStyles.AllowLeadingSign,
            System.Globalization.CultureInfo.InvariantCulture, out var whole) => whole,
        _ => 0,
    };

    public static double Float(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Float => value.Float,
        TemplateKind.Integer => value.Integer,
        TemplateKind.Bool => value.Bool ? 1 : 0,
        TemplateKind.Text when GoFloat.TryParse(value.Text, out var number) => number,
        _ => 0,
    };
}
