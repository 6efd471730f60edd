using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Sampling;

/// <summary>Reads <c>jaeger.api_v2.SamplingStrategyParameters</c>.</summary>
public static class SamplingRequest
{
    /// <returns>The service that asks.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static string ServiceOf(ReadOnlySpan<byte> message)
    {
        var service = "";
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                service = fields.Text();
            }
            else
            {
                fields.Skip();
            }
        }
        return service;
    }
}
