namespace Pharos.Storage.Traces;

/// <summary>The type of an attribute's value. The numbers are in files.</summary>
public enum AttributeKind : byte
{
    Text,
    Bool,
    Int,
    Double,
    Bytes,

    /// <summary>A list of values, kept as JSON: integers without fraction, doubles with one, bytes as base64.</summary>
    Array,

    /// <summary>Values by name, kept as JSON as <see cref="Array"/> is.</summary>
    Map,

    /// <summary>A key without a value, as OTLP allows.</summary>
    Empty,
}
