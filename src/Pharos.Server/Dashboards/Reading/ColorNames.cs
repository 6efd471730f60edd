namespace Pharos.Server.Dashboards.Reading;

/// <summary>Grafana's colour names as hexadecimal colours, and its classic palette for series.</summary>
internal static class ColorNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["red"] = "#F2495C", ["dark-red"] = "#C4162A", ["semi-dark-red"] = "#E02F44", ["light-red"] = "#FF7383",
        ["super-light-red"] = "#FFA6B0", ["orange"] = "#FF9830", ["dark-orange"] = "#FA6400", ["semi-dark-orange"] = "#FF780A",
        ["light-orange"] = "#FFB357", ["super-light-orange"] = "#FFCB7D", ["yellow"] = "#FADE2A", ["dark-yellow"] = "#E0B400",
        ["semi-dark-yellow"] = "#F2CC0C", ["light-yellow"] = "#FFEE52", ["super-light-yellow"] = "#FFF899",
        ["green"] = "#73BF69", ["dark-green"] = "#37872D", ["semi-dark-green"] = "#56A64B", ["light-green"] = "#96D98D",
        ["super-light-green"] = "#C8F2C2", ["blue"] = "#5794F2", ["dark-blue"] = "#1F60C4", ["semi-dark-blue"] = "#3274D9",
        ["light-blue"] = "#8AB8FF", ["super-light-blue"] = "#C0D8FF", ["purple"] = "#B877D9", ["dark-purple"] = "#8F3BB8",
        ["semi-dark-purple"] = "#A352CC", ["light-purple"] = "#CA95E5", ["super-light-purple"] = "#DEB6F2",
        ["white"] = "#FFFFFF", ["black"] = "#000000", ["gray"] = "#8E8E8E", ["grey"] = "#8E8E8E", ["text"] = "#8E8E8E",
        ["transparent"] = "#00000000",
    };

    /// <summary>The order in which series take their colours.</summary>
    private static readonly string[] Palette =
    [
        "#73BF69", "#F2CC0C", "#5794F2", "#FF780A", "#F2495C", "#8AB8FF", "#B877D9", "#37872D", "#E0B400", "#56C5D0",
        "#FA6400", "#C4162A", "#3274D9", "#A352CC", "#96D98D", "#FFB357", "#FF7383", "#1F60C4", "#8F3BB8", "#CA95E5",
    ];

    public static string Hex(string name) => Known.GetValueOrDefault(
        name, name.StartsWith('#') || name.StartsWith("rgb", StringComparison.Ordinal) ? name : "#8E8E8E");

    public static string OfSeries(int index) => Palette[index % Palette.Length];
}
