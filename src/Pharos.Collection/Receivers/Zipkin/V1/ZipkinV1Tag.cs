using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>A binary annotation: a tag, or with the keys <c>sa</c>, <c>ca</c> and <c>ma</c> the address of the other side.</summary>
/// <param name="Ipv6">The host's address as it came, which may be no address at all; null for none.</param>
internal readonly record struct ZipkinV1Tag(string Key, AttributeValue Value, ZipkinEndpoint? Host, byte[]? Ipv6 = null);
