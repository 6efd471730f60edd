namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>Something that happened, or one of the core annotations (<c>cs</c>, <c>cr</c>, <c>sr</c>, <c>ss</c>) that say when a call was
/// sent and received.</summary>
internal readonly record struct ZipkinV1Annotation(long TimestampUs, string Value, ZipkinEndpoint? Host);
