using System.Globalization;
using System.Text;

namespace Pharos.Benchmarks.Soak;

/// <summary>Draws resident memory over time.</summary>
internal static class MemoryPlot
{
    private const int Width = 900;
    private const int Height = 360;
    private const int Margin = 60;
    private const int Lines = 5;

    /// <param name="points">In order of time, at least one.</param>
    /// <returns>An SVG document.</returns>
    public static string Draw(string title, IReadOnlyList<MemoryPoint> points)
    {
        var minutes = Math.Max(points[^1].Minutes, 1);
        var most = Math.Ceiling(points.Max(static point => point.Resident) / 100) * 100;
        double X(double at) => Margin + (at / minutes * (Width - (2 * Margin)));
        double Y(double at) => Height - Margin - (at / most * (Height - (2 * Margin)));
        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Margin}\" y=\"{Margin / 2}\">{title}</text>");
        for (var i = 0; i <= Lines; i++)
        {
            var (x, y) = (X(minutes * i / Lines), Y(most * i / Lines));
            Add($"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Margin - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{most * i / Lines:0}</text>");
            Add($"<text x=\"{x:0.#}\" y=\"{Height - Margin + 18}\" text-anchor=\"middle\">{minutes * i / Lines:0.#} min</text>");
        }
        void Curve(string colour, Func<MemoryPoint, double> value)
        {
            var line = string.Join(' ', points.Select(point => FormattableString.Invariant($"{X(point.Minutes):0.#},{Y(value(point)):0.#}")));
            Add($"<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        }
        Curve("#999", static point => point.WithoutFiles);
        Curve("#1f77b4", static point => point.Resident);
        svg.AppendLine("</svg>");
        return svg.ToString();
    }
}
