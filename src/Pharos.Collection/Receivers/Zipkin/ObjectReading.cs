using System.Text.Json;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Reads one JSON object, from its beginning to its end.</summary>
internal delegate void ObjectReading(ref Utf8JsonReader json);
