using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Geo;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads <c>geoip</c> and opens its database.</summary>
internal static class GeoIpSection
{
    public static StageFactory? Read(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var source = map.Text("source");
        map.ErrorUnless(source.Length > 0, "source", "source is required");
        var type = map.Text("db_type");
        GeoIpKind? kind = type switch { "city" => GeoIpKind.City, "asn" => GeoIpKind.Asn, "country" => GeoIpKind.Country, _ => null };
        if (kind is null)
        {
            map.ErrorAt("db_type", $"{YamlValue.Echo(type)} is no kind of database: city, asn or country");
        }
        var path = map.Text("db");
        map.ErrorUnless(path.Length > 0, "db", "db path is required");
        map.Done();
        if (path.Length == 0 || kind is null)
        {
            return null;
        }
        try
        {
            var database = MmdbReader.Open(map.Reading.Resolve(path));
            return _ => new GeoIpStage(database, source, kind.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            map.ErrorAt("db", $"unable to open geoip database: {e.Message}");
            return null;
        }
    }
}
