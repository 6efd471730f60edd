namespace Pharos.Collection.Receivers.Otlp.Model;

/// <param name="Value">The value as text, as OpenTelemetry's collector prints it.</param>
internal readonly record struct OtlpAttribute(string Key, string Value);
