using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A vector on the wire: a list of numbers, or the base64 of its floats in little endian.</summary>
/// <param name="Values">The numbers.</param>
/// <param name="IsBase64">Whether it is written as base64. Read, it may be either.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct WireVector(ReadOnlyMemory<float> Values, bool IsBase64 = false)
{
    internal sealed class Converter : JsonConverter<WireVector>
    {
        public override WireVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return new WireVector(Floats(reader.GetBytesFromBase64()), IsBase64: true);
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("An embedding must be a list of numbers or a base64 string.");

            var values = new List<float>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                values.Add(reader.TokenType == JsonTokenType.Number ? reader.GetSingle() : throw new JsonException("An embedding must hold nothing but numbers."));
            return new WireVector(values.ToArray());
        }

        public override void Write(Utf8JsonWriter writer, WireVector value, JsonSerializerOptions options)
        {
            var values = value.Values.Span;
            if (value.IsBase64)
            {
                writer.WriteBase64StringValue(Bytes(values));
                return;
            }

            writer.WriteStartArray();
            foreach (var number in values)
                writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }

        private static float[] Floats(byte[] bytes)
        {
            if (bytes.Length % sizeof(float) != 0)
                throw new JsonException("The base64 of an embedding is not a whole number of floats.");

            var values = new float[bytes.Length / sizeof(float)];
            for (var i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            return values;
        }

        private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<float> values)
        {
            if (BitConverter.IsLittleEndian)
                return MemoryMarshal.AsBytes(values);

            var bytes = new byte[values.Length * sizeof(float)];
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
            return bytes;
        }
    }
}
