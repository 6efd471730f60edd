namespace Pharos.Collection.Receivers.Thrift;

/// <summary>Steps over values that hold others.</summary>
internal static class ThriftSkipping
{
    /// <summary>The shortest that an element of a list can be is what bounds the work that a list can ask for.</summary>
    public static void Nested<TReader>(ref TReader reader, ThriftType type, int depth)
        where TReader : struct, IThriftReader, allows ref struct
    {
        if (depth >= IThriftReader.MaxDepth)
        {
            throw new InvalidDataException($"depth limit exceeded: values stand in each other more than {IThriftReader.MaxDepth} deep");
        }
        switch (type)
        {
            case ThriftType.Struct:
                var outer = reader.BeginStruct();
                while (reader.NextField(out _, out var field))
                {
                    reader.Skip(field, depth + 1);
                }
                reader.EndStruct(outer);
                break;
            case ThriftType.List or ThriftType.Set:
                for (var left = reader.BeginList(out var element); left > 0; left--)
                {
                    reader.Skip(element, depth + 1);
                }
                break;
            case ThriftType.Map:
                for (var left = reader.BeginMap(out var key, out var value); left > 0; left--)
                {
                    reader.Skip(key, depth + 1);
                    reader.Skip(value, depth + 1);
                }
                break;
            default:
                throw new InvalidDataException($"unknown data type {(int)type}");
        }
    }
}
