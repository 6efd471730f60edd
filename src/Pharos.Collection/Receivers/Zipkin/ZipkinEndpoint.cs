using System.Net;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>A network address with the name of the service behind it; what is not known is empty.</summary>
internal sealed record ZipkinEndpoint(string ServiceName, IPAddress? Ipv4, IPAddress? Ipv6, int Port)
{
    public static readonly ZipkinEndpoint None = new("", null, null, 0);
}
