using System.Text;

namespace MeaiRouter.Gateway.Tests.Telemetry;

/// <summary>A span as it stands in an <c>ExportTraceServiceRequest</c> (opentelemetry-proto 1.x).</summary>
internal sealed record ExportedSpan(string Service, string Scope, string Name, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes)
{
    public static IEnumerable<ExportedSpan> ReadAll(byte[] body)
    {
        foreach (var resourceSpans in Fields(body, 1))
        {
            var service = Fields(resourceSpans, 1).SelectMany(static resource => Fields(resource, 1)).Select(Attribute).FirstOrDefault(static pair => pair.Key == "service.name").Value;
            foreach (var scopeSpans in Fields(resourceSpans, 2))
            {
                var scope = Fields(scopeSpans, 1).Select(static found => Text(found, 1)).FirstOrDefault() ?? "";
                foreach (var span in Fields(scopeSpans, 2))
                    yield return new(service ?? "", scope, Text(span, 5), Id(span, 1), Id(span, 2), Id(span, 4), Fields(span, 9).Select(Attribute).ToDictionary());
            }
        }
    }

    private static KeyValuePair<string, string> Attribute(byte[] pair)
    {
        var value = Fields(pair, 2).Single();
        var text = Fields(value, 1).Select(Encoding.UTF8.GetString).FirstOrDefault();
        return KeyValuePair.Create(Text(pair, 1), text ?? (Numbers(value).TryGetValue(3, out var number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?"));
    }

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    private static string Id(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        Read(message, (number, bytes) =>
        {
            if (number == field)
                found.Add(bytes);
        }, (_, _) => { });
        return found;
    }

    private static Dictionary<int, ulong> Numbers(byte[] message)
    {
        var found = new Dictionary<int, ulong>();
        Read(message, (_, _) => { }, (number, value) => found[number] = value);
        return found;
    }

    private static void Read(byte[] message, Action<int, byte[]> bytes, Action<int, ulong> number)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint();
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    number(field, Varint());
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint();
                    bytes(field, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"There is no wire type {tag & 7}.");
            }
        }

        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = message[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
