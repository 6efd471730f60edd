using System.Globalization;
using System.Text;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Writes lines of Prometheus' text format 0.0.4.</summary>
internal sealed class ExpositionWriter
{
    private readonly StringBuilder _text = new();

    public void Family(string name, string type, string help)
    {
        if (help.Length > 0)
        {
            _text.Append("# HELP ").Append(name).Append(' ');
            _text.Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal));
            _text.Append('\n');
        }
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <param name="labels">Already rendered: <c>a="b",c="d"</c>, or empty.</param>
    public void Sample(string name, string suffix, string labels, double value)
    {
        _text.Append(name).Append(suffix);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    public override string ToString() => _text.ToString();

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
