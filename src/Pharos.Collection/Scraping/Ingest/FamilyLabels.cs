using System.Buffers;
using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Type and unit of the family that an exposition is at, as labels of the series that follow.</summary>
/// <remarks>Not thread-safe: one loop owns it.</remarks>
internal sealed class FamilyLabels
{
    private readonly ArrayBufferWriter<byte> _key = new();
    private string _family = "";
    private string _type = "";
    private string _unit = "";

    /// <summary>A new body says nothing yet.</summary>
    public void Begin() => (_family, _type, _unit) = ("", "", "");

    public void See<TParser>(ref TParser parser, ExpositionEntry kind)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var family = parser.ReadFamily();
        if (family != _family)
        {
            (_family, _type, _unit) = (family, "", "");
        }
        if (kind == ExpositionEntry.Type)
        {
            var type = parser.ReadText();
            _type = type == MetricMetadata.Unknown ? "" : type;
        }
        else if (kind == ExpositionEntry.Unit)
        {
            _unit = parser.ReadText();
        }
    }

    /// <summary>Stands for a series together with its labels of type and unit; valid until the next call.</summary>
    public ReadOnlySpan<byte> Key(ReadOnlySpan<byte> series)
    {
        _key.ResetWrittenCount();
        Encoding.UTF8.GetBytes(_type, _key);
        _key.Write(" "u8);
        Encoding.UTF8.GetBytes(_unit, _key);
        _key.Write(" "u8);
        _key.Write(series);
        return _key.WrittenSpan;
    }

    /// <summary>What is known wins over what the series says of itself.</summary>
    public void AddTo(ExposedLabels labels)
    {
        if (_type.Length > 0)
        {
            labels.Replace(Label.MetricType, _type);
        }
        if (_unit.Length > 0)
        {
            labels.Replace(Label.MetricUnit, _unit);
        }
    }
}
