namespace Pharos.Collection.Shipping.Stages.Geo;

/// <summary>What a database says of an address.</summary>
public enum GeoIpKind
{
    City,
    Country,
    Asn,
}
