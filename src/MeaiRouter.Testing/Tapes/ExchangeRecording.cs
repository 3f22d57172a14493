using System.Text;

namespace MeaiRouter.Testing;

/// <summary>One exchange while it is recorded.</summary>
internal sealed class ExchangeRecording(string path, string model, bool isStreamed, IReadOnlyList<string> keys, TimeProvider time)
{
    // Rate limits have a header of their own in nearly every house; those below name them or the time to wait.
    private static readonly string[] KeptHeaders = ["Content-Type", "Retry-After", "retry-after-ms"];
    private const string RateLimits = "ratelimit";

    private readonly List<(TimeSpan After, byte[] Bytes)> _writes = [];
    private readonly Dictionary<string, string> _headers = [];
    private long _last = time.GetTimestamp();
    private int? _status;

    public void Begin(HttpResponseMessage response)
    {
        _status = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (KeptHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) || name.Contains(RateLimits, StringComparison.OrdinalIgnoreCase))
                _headers[name] = string.Join(", ", values);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var now = time.GetTimestamp();
        _writes.Add((time.GetElapsedTime(_last, now), bytes.ToArray()));
        _last = now;
    }

    public RecordedExchange End(RecordedEnd end) => new()
    {
        Path = path, Model = model, IsStreamed = isStreamed, Status = _status, Headers = _headers, End = end, Writes = [.. WithoutSecrets().Select(Write)],
    };

    // A secret may lie across writes; what replaces it stands where it begins. One character a byte, so that places in the text are places in the bytes.
    private IEnumerable<(TimeSpan After, byte[] Bytes)> WithoutSecrets()
    {
        var text = string.Concat(_writes.Select(static write => Encoding.Latin1.GetString(write.Bytes)));
        var secrets = Secrets.In(text, keys).ToArray();
        if (secrets.Length == 0)
            return _writes;

        var clean = new List<(TimeSpan, byte[])>();
        var start = 0;
        foreach (var (after, bytes) in _writes)
        {
            var kept = new StringBuilder();
            var end = start + bytes.Length;
            var at = start;
            foreach (var secret in secrets.Where(secret => secret.End.Value > start && secret.Start.Value < end))
            {
                kept.Append(text, at, Math.Max(0, secret.Start.Value - at));
                if (secret.Start.Value >= start)
                    kept.Append(Secrets.Removed);
                at = Math.Min(secret.End.Value, end);
            }

            kept.Append(text, at, end - at);
            if (kept.Length > 0)
                clean.Add((after, Encoding.Latin1.GetBytes(kept.ToString())));
            start = end;
        }

        return clean;
    }

    private static RecordedWrite Write((TimeSpan After, byte[] Bytes) write)
    {
        try
        {
            return new RecordedWrite { After = write.After, Text = Strict.GetString(write.Bytes) };
        }
        catch (DecoderFallbackException)
        {
            return new RecordedWrite { After = write.After, Bytes = write.Bytes };
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
