namespace Pharos.Collection.Protobuf;

/// <summary>A message of two fields, as labels and attributes are: the name is 1, the value 2.</summary>
internal static class ProtobufPair
{
    /// <summary>Reads both; empty where one is missing.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static void Read(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    name = fields.Bytes();
                    break;
                case 2:
                    value = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }
}
