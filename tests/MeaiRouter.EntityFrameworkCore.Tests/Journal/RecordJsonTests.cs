using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Tests.Journal;

public class RecordJsonTests
{
    // The rules by which the first journals were written, as a serializer puts them. What was written then is read now, and the other way round.
    private static readonly JsonSerializerOptions Rules = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(), new NanoUsdRule() },
    };

    [Fact]
    public void Every_property_that_a_record_has_is_written_and_read()
    {
        var record = Filled<GenerationRecord>();

        Assert.Equal(JsonSerializer.Serialize(record, Rules), Written(record));
        Assert.Equal(Written(record), Written(Read(Written(record))!));
    }

    [Fact]
    public void Any_record_is_written_as_it_always_was()
    {
        var random = new Random(7);
        for (var number = 0; number < 500; number++)
        {
            var record = Records.Random(random, $"gen-{number}");

            Assert.Equal(JsonSerializer.Serialize(record, Rules), Written(record));
            Assert.Equal(Written(record), Written(Read(Written(record))!));
        }
    }

    [Theory]
    [InlineData("""{"attempts":[],"id":"a"}""")]
    [InlineData("""{ "id": "a", "a newer one": { "b": [1, {}] }, "attempts": [] }""")]
    [InlineData("""{"id":"a","key":null,"tags":null,"traceLabels":null,"cost":null,"attempts":[]}""")]
    public void Properties_stand_in_any_order_beside_unknown_ones_and_may_be_null(string json) =>
        Assert.Equal("""{"id":"a","tags":[],"attempts":[]}""", Written(Read(json)!));

    [Fact]
    public void Null_is_no_record() => Assert.Null(Read("null"));

    [Theory]
    [InlineData("""{"attempts":[]}""")]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"id":null,"attempts":[]}""")]
    [InlineData("""{"id":"a","attempts":[{}]}""")]
    [InlineData("""{"id":7,"attempts":[]}""")]
    [InlineData("""{"id":"a","attempts":{}}""")]
    [InlineData("""{"id":"a","attempts":[],"cost":"1"}""")]
    [InlineData("""{"id":"a","attempts":[],"cost":1.5}""")]
    [InlineData("""{"id":"a","attempts":[],"createdAt":"yesterday"}""")]
    [InlineData("""{"id":"a","attempts":[{"provider":"acme","outcome":"Unheard"}]}""")]
    [InlineData("""{"id":"a","attempts":[{"provider":"acme","duration":"soon"}]}""")]
    [InlineData("""{"id":"a","attempts":[]""")]
    [InlineData("""{"id":"a","attempts":[]} {}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_no_record_is_told_by_one_kind_of_exception(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    private static string Written(GenerationRecord record)
    {
        var buffer = RecordBuffer.Of(record);
        return Encoding.UTF8.GetString(buffer.Bytes[JournalFormat.RecordHeader..]);
    }

    private static GenerationRecord? Read(string json) => RecordJson.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>An object none of whose properties has its default.</summary>
    private static T Filled<T>() => (T)Filled(typeof(T));

    private static object Filled(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "käthe \"1\"";
        if (type == typeof(bool))
            return true;
        if (type == typeof(long))
            return 1_234_567_890_123;
        if (type == typeof(int))
            return 429;
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(12_340);
        if (type == typeof(TimeSpan))
            return new TimeSpan(1, 2, 3, 4, 5, 6);
        if (type == typeof(NanoUsd))
            return new NanoUsd(-5);
        if (type == typeof(UsageDiscrepancies))
            return UsageDiscrepancies.Input | UsageDiscrepancies.Total;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Last();
        if (type == typeof(IReadOnlyDictionary<string, string>))
            return new Dictionary<string, string> { ["trace_id"] = "t", ["naïve"] = "" };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GenericTypeArguments))!;
            list.Add(Filled(type.GenericTypeArguments[0]));
            list.Add(Filled(type.GenericTypeArguments[0]));
            return list;
        }

        var value = type == typeof(ReportedCost) ? new ReportedCost(NanoUsd.Zero) : Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
            property.SetValue(value, Filled(property.PropertyType));
        return value;
    }

    private sealed class NanoUsdRule : JsonConverter<NanoUsd>
    {
        public override NanoUsd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, NanoUsd value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
