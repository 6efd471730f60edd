using System.Globalization;
using System.Net;

namespace Pharos.Collection.Shipping.Stages.Geo;

/// <summary><c>geoip</c>: labels that say where an address is, or whose network it is of.</summary>
public sealed class GeoIpStage(MmdbReader database, string source, GeoIpKind kind) : IStage
{
    private static readonly (string Label, string[] Path)[] City =
    [
        ("geoip_city_name", ["city", "names", "en"]),
        ("geoip_country_name", ["country", "names", "en"]),
        ("geoip_country_code", ["country", "iso_code"]),
        ("geoip_continent_name", ["continent", "names", "en"]),
        ("geoip_continent_code", ["continent", "code"]),
        ("geoip_location_latitude", ["location", "latitude"]),
        ("geoip_location_longitude", ["location", "longitude"]),
        ("geoip_postal_code", ["postal", "code"]),
        ("geoip_timezone", ["location", "time_zone"]),
        ("geoip_subdivision_name", ["subdivisions", "0", "names", "en"]),
        ("geoip_subdivision_code", ["subdivisions", "0", "iso_code"]),
    ];

    private static readonly (string Label, string[] Path)[] Network =
    [
        ("geoip_autonomous_system_number", ["autonomous_system_number"]),
        ("geoip_autonomous_system_organization", ["autonomous_system_organization"]),
    ];

    private static readonly (string Label, string[] Path)[] Country = [.. City.Where(static row => row.Path[0] is "country" or "continent")];

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (IPAddress.TryParse(entry.Text(source), out var address) && database.Find(address) is { } found)
        {
            foreach (var (label, path) in kind switch { GeoIpKind.City => City, GeoIpKind.Country => Country, _ => Network })
            {
                if (Value(found, path) is { } value)
                {
                    entry.Labels.Set(label, value);
                    entry.Extracted[label] = value;
                }
            }
        }
        next.Take(entry);
    }

    private static string? Value(object? at, string[] path)
    {
        foreach (var step in path)
        {
            at = at switch
            {
                Dictionary<string, object?> map => map.GetValueOrDefault(step),
                List<object?> list => list.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)),
                _ => null,
            };
        }
        return at is ulong number ? number.ToString(CultureInfo.InvariantCulture) : ExtractedValue.Text(at);
    }
}
