namespace Pharos.Server.Traces.Maps;

/// <summary>How well requests go: Kiali's default tolerances.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c>, <c>Failure</c>, or <c>NA</c> where nothing was asked.</param>
/// <param name="ErrorPercent">Of the requests, those that make the status.</param>
internal readonly record struct MapHealth(string Status, double ErrorPercent)
{
    public const string None = "NA";
    public const string Healthy = "Healthy";
    public const string Degraded = "Degraded";
    public const string Failure = "Failure";

    /// <summary>By what rates count: from how many percent on they degrade, and fail.</summary>
    private static readonly (string Rate, double Degraded, double Failure)[] Tolerances =
    [
        ("5xx", 0, 10), ("4xx", 10, 20), ("Err", 0, 10), ("NoResponse", 0, 10),
    ];

    public string Color => Status switch
    {
        Healthy => "green",
        Degraded => "orange",
        Failure => "red",
        _ => "grey",
    };

    /// <summary>Of a percentage: two of twenty requests are ten percent, also where both are rates over a window whose quotient is a bit off.</summary>
    private const int Digits = 9;

    /// <summary>Of rates by Kiali's names.</summary>
    /// <param name="whole">The name of the rate that the others are parts of: <c>http</c>, <c>httpIn</c>, <c>grpc</c>, ...</param>
    public static MapHealth Of(IReadOnlyDictionary<string, double> rates, string whole)
    {
        var total = rates.TryGetValue(whole, out var all) ? all : 0;
        if (total <= 0)
        {
            return new MapHealth(None, 0);
        }
        var worst = new MapHealth(Healthy, 0);
        foreach (var (rate, degraded, failure) in Tolerances)
        {
            var percent = rates.TryGetValue(whole + rate, out var part) ? Math.Round(part / total * 100, Digits) : 0;
            var status = percent <= 0 ? Healthy : percent >= failure ? Failure : percent > degraded || (degraded > 0 && percent >= degraded) ? Degraded
                : Healthy;
            worst = Worse(worst, new MapHealth(status, percent));
        }
        return worst;
    }

    public static MapHealth Worse(MapHealth left, MapHealth right) =>
        RankOf(left) != RankOf(right) ? (RankOf(left) > RankOf(right) ? left : right) : left.ErrorPercent >= right.ErrorPercent ? left : right;

    private static int RankOf(MapHealth health) => health.Status switch
    {
        None => 0,
        Healthy => 1,
        Degraded => 2,
        _ => 3,
    };
}
