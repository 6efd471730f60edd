namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Something that happened during a span; its fields are in the <see cref="JaegerSpan"/>.</summary>
internal record struct JaegerLog(long TimeNs, int FirstField, int FieldCount);
