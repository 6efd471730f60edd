namespace Pharos.Server.Traces.Maps;

/// <summary>Requests of one kind, per second.</summary>
/// <param name="Code">Of the response; <c>-</c> where there was none.</param>
/// <param name="Flags">Of the response; empty where they are not known.</param>
/// <param name="Host">That was asked for; empty where it is not known.</param>
internal readonly record struct MapTraffic(string Protocol, double Rate, string Code, string Flags, string Host)
{
    public const string NoResponse = "-";

    /// <summary>The names of what it adds to, beside the whole: after <c>http</c>, <c>httpIn</c> and so on.</summary>
    public string Detail => Protocol switch
    {
        "http" => Code.Length == 0 ? "" : Code[0] switch
        {
            '3' => "3xx",
            '4' => "4xx",
            '5' => "5xx",
            '-' => "NoResponse",
            _ => "",
        },
        // Istio may tell gRPC's outcome by HTTP's codes.
        "grpc" => Code.Length == 0 ? "" : Code == NoResponse ? (Flags.Length == 0 ? "" : "NoResponse")
            : Code.Length == 3 ? (Code[0] is '4' or '5' ? "Err" : "")
            : Code == "0" ? "" : "Err",
        _ => "",
    };
}
