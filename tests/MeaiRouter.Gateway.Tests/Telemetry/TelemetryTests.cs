using System.Net.Http.Json;
using MeaiRouter.Gateway.Telemetry;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using OpenTelemetry.Metrics;

namespace MeaiRouter.Gateway.Tests.Telemetry;

/// <summary>Spans and metrics are the process's, so that no other test may run beside these.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

[Collection(nameof(WholeProcess))]
public sealed class TelemetryTests : GatewayTest
{
    private const string AdminKey = "sk-admin-0123456789";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string Prompt = "a prompt nobody may see";
    private const string Answer = "an answer nobody may see";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["MeaiRouter:Gateway:AdminKey"] = AdminKey };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_trace_leads_from_the_caller_through_the_gateway_to_the_provider(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Reply.Text(Answer));
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await StartGatewayAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "the-gateway"));

        using (var response = await AskAsync(gateway, streaming))
            Assert.Contains(Answer.Split(' ')[^1], await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await gateway.StopAsync();

        // Shut down, everything is exported: nobody waits for a timer.
        var spans = receiver.Spans.Where(static span => span.TraceId == Trace).ToList();
        var server = Assert.Single(spans, static span => span.Scope == "Microsoft.AspNetCore");
        Assert.Equal(("the-gateway", "POST /v1/chat/completions", Parent), (server.Service, server.Name, server.ParentId));
        Assert.Equal(("session-7", "team-a", "200"), (server.Attributes["gen_ai.conversation.id"], server.Attributes["meairouter.key"], server.Attributes["http.response.status_code"]));
        var request = Assert.Single(spans, span => span.Scope == "MeaiRouter" && span.ParentId == server.SpanId);
        var attempts = spans.Where(span => span.Scope == "MeaiRouter" && span.ParentId == request.SpanId).ToList();
        Assert.Equal(2, attempts.Count);

        // What the provider was told is a span of the same trace, below the attempt.
        foreach (var (provider, attempt) in new[] { First, Second }.Zip(attempts))
        {
            var context = Assert.Single(provider.Requests).Headers["traceparent"].Split('-');
            Assert.Equal(Trace, context[1]);
            Assert.Equal(attempt.SpanId, Assert.Single(spans, span => span.SpanId == context[2] && span.Scope == "System.Net.Http").ParentId);
        }

        Assert.Equal(["/v1/metrics", "/v1/traces"], receiver.Paths);
        foreach (var secret in (string[])[Prompt, Answer, Key, AdminKey, "key-of-first", "key-of-second", "Bearer"])
            Assert.DoesNotContain(secret, receiver.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public async Task Nothing_of_a_signal_is_exported_that_is_turned_off(string variable, string value)
    {
        FirstScript.Always(Reply.Text(Answer));
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await StartGatewayAsync(
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.Address + "/own/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"), (variable, value));

        (await AskAsync(gateway, streaming: false)).Dispose();
        await gateway.StopAsync();

        Assert.Empty(receiver.Paths);
    }

    [Fact]
    public async Task A_signals_own_address_exports_that_signal_alone_and_is_taken_as_it_is()
    {
        FirstScript.Always(Reply.Text(Answer));
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await StartGatewayAsync(
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.Address + "/own/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"));

        (await AskAsync(gateway, streaming: false)).Dispose();
        await gateway.StopAsync();

        Assert.Equal(["/own/traces"], receiver.Paths);
        Assert.Contains(receiver.Spans, static span => span.Service == "meairouter-gateway" && span.TraceId == Trace);
    }

    [Fact]
    public async Task Metrics_are_what_a_strict_scraper_takes()
    {
        FirstScript.Always(Reply.Text(Answer));
        (await AskAsync(Gateway, streaming: false)).Dispose();

        var answer = await Gateway.GetAsync("/metrics", AdminKey);

        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (answer.Status, answer.ContentType));
        var samples = PrometheusParser.Parse(answer.Body);
        Assert.Contains(samples, static sample => sample.Name == "target_info" && sample.Labels["service_name"] == "meairouter-gateway" && sample.Value == 1);
        Assert.Contains(samples, static sample => sample.Name == "meairouter_attempts_total" && sample.Labels["otel_scope_name"] == "MeaiRouter" && sample.Value >= 1);
        Assert.Contains(samples, static sample => sample.Name == "meairouter_request_duration_seconds_count" && sample.Value >= 1);
        Assert.Contains(samples, static sample => sample.Name == "http_server_request_duration_seconds_bucket" && sample.Labels["le"] == "+Inf");
        Assert.Contains(samples, static sample => sample.Name == "http_server_active_requests");
        Assert.Contains(samples, static sample => sample.Name.StartsWith("dotnet_", StringComparison.Ordinal) && sample.Name.EndsWith("_bytes", StringComparison.Ordinal));
        foreach (var secret in (string[])[Prompt, Answer, Key, AdminKey, "key-of-"])
            Assert.DoesNotContain(secret, answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, null, 401)]
    [InlineData(null, AdminKey, 200)]
    [InlineData(null, Key, 403)]
    [InlineData("true", null, 401)]
    [InlineData("false", null, 200)]
    public async Task Metrics_are_for_the_management_key_unless_the_configuration_says_otherwise(string? requireKey, string? key, int status)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Metrics:RequireKey", requireKey));

        Assert.Equal(status, (await gateway.GetAsync("/metrics", key)).Status);

        gateway.Reconfigure(("MeaiRouter:Gateway:Metrics:RequireKey", requireKey is "false" ? "true" : "false"));
        Assert.Equal(requireKey is "false" ? 401 : 200, (await gateway.GetAsync("/metrics", key: null)).Status);
    }

    [Fact]
    public async Task Metrics_can_be_elsewhere_or_not_at_all()
    {
        await using var elsewhere = await StartGatewayAsync(("MeaiRouter:Gateway:Metrics:Path", "/internal/metrics"));
        await using var off = await StartGatewayAsync(("MeaiRouter:Gateway:Metrics:Enabled", "false"));

        Assert.Equal(200, (await elsewhere.GetAsync("/internal/metrics", AdminKey)).Status);
        Assert.Equal(404, (await elsewhere.GetAsync("/metrics", key: null)).Status);
        Assert.Equal(404, (await off.GetAsync("/metrics", key: null)).Status);
    }

    [Theory]
    [InlineData("meairouter.cost", "{nanousd}", MetricType.LongSum, "meairouter_cost_total")]
    [InlineData("a.total", "", MetricType.LongSum, "a_total")]
    [InlineData("http.server.request.duration", "s", MetricType.Histogram, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap", "By", MetricType.LongSumNonMonotonic, "dotnet_gc_heap_bytes")]
    [InlineData("share", "1", MetricType.DoubleGauge, "share_ratio")]
    [InlineData("flow", "By/s", MetricType.DoubleGauge, "flow_bytes_per_second")]
    [InlineData("1st--thing", "ms", MetricType.DoubleGauge, "_1st_thing_milliseconds")]
    [InlineData("wait.seconds", "s", MetricType.Histogram, "wait_seconds")]
    public void A_name_is_that_of_opentelemetrys_rules_for_prometheus(string name, string unit, MetricType type, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(name, unit, type));

    [Fact]
    public void Labels_are_escaped_and_those_that_collide_are_one()
    {
        var labels = new PrometheusLabels();
        labels.Add("a.b", "x\"y\\z\nw");
        labels.Add("a-b", 1.5);

        Assert.Equal("{a_b=\"x\\\"y\\\\z\\nw;1.5\",le=\"+Inf\"}", labels.With("+Inf"));
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningGateway gateway, bool streaming)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/v1/chat/completions"))
        {
            Content = JsonContent.Create(new { model = Model, stream = streaming, session_id = "session-7", messages = new[] { new { role = "user", content = Prompt } } }),
        };
        request.Headers.Authorization = new("Bearer", Key);
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-{Parent}-01");
        return await http.SendAsync(request);
    }
}
