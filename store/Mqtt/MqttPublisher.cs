using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Pipeline.Store.Mqtt;

/// <summary>How the publisher stands with its broker.</summary>
public enum MqttConnectionState
{
    /// <summary>Not started, or ended.</summary>
    Stopped,

    /// <summary>Trying to connect.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>The last attempt failed; the next comes after a wait.</summary>
    Waiting,
}

/// <summary>
/// The pipeline's side of mqtt.md: availability with a last will, status, camera states, statistics, and the outbox's events in order.
/// </summary>
/// <remarks>
/// <para>
/// An event reaches the broker at least once, in order of its sequence, across a crash of the pipeline, of the broker and of
/// the network: its row is committed with the decision, sent at QoS 1, and marked only when the broker has acknowledged it.
/// A crash between the two sends it again, with the same bytes and <c>event_id</c>. A subscriber that drops ids it has
/// seen therefore sees each event exactly once in effect. What a broker does with a message that it has acknowledged is its own affair:
/// a queue limit, an expiry, or a subscriber's session that it forgot show as a gap in <c>sequence</c>.
/// </para>
/// <para>
/// A broker that is away, refuses or vanishes never stops the pipeline: the publisher tries again for ever, with waits from
/// <see cref="MqttOptions.ReconnectMin"/> to <see cref="MqttOptions.ReconnectMax"/>, and says so in <see cref="LastError"/> and <see cref="Notice"/>.
/// All members are safe from any thread.
/// </para>
/// </remarks>
public sealed class MqttPublisher : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1); // status at most once a second (mqtt.md 2)
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);
    private const int Suspicious = 3; // lost soon after connecting, in a row: not every broker says that another client took over

    private readonly MqttOptions _options;
    private readonly BrokerAddress _address;
    private readonly Topics _topics;
    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly Func<SiteStats>? _stats;
    private readonly Mailbox _mailbox = new();
    private readonly StateTopics _states;
    private readonly OutboxSender _sender;
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _password;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes a publisher that has not started.</summary>
    /// <param name="options">Settings without <see cref="MqttOptions.Problems"/>, with a broker.</param>
    /// <param name="site">Second part of every topic: 1 to 64 of a-z, 0-9, _ and -; unique for each running instance at a broker.</param>
    /// <param name="outbox">Where the events come from.</param>
    /// <param name="stats">Called every <see cref="MqttOptions.StatsInterval"/>; null for no statistics.</param>
    /// <param name="crops">The crop of a row's <c>to</c> sighting, null where there is none; needed for crops and snapshots.</param>
    /// <param name="time">Clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The options have no broker, or problems.</exception>
    public MqttPublisher(
        MqttOptions options,
        string site,
        IOutbox outbox,
        Func<SiteStats>? stats = null,
        Func<OutboxRow, CropPicture?>? crops = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(outbox);
        if (!Topics.IsName(site))
        {
            throw new ArgumentException($"1 to 64 of a-z, 0-9, _ and -, the first a letter or digit, got '{site}'", nameof(site));
        }

        string problems = string.Join("; ", options.Problems().Select(problem => $"{problem.Key}: {problem.Problem}"));
        if (options.Broker is null || problems.Length > 0)
        {
            throw new ArgumentException(options.Broker is null ? "mqtt.broker: a broker is needed, got none" : problems, nameof(options));
        }

        _options = options;
        _address = BrokerAddress.Parse(options.Broker);
        _topics = new Topics(options.Prefix, site);
        _outbox = outbox;
        _stats = stats;
        _time = time ?? TimeProvider.System;
        _states = new StateTopics(options, _topics, outbox, _mailbox, _time);
        _sender = new OutboxSender(options, _topics, outbox, _time, crops, _mailbox, Say);
    }

    /// <summary>One line worth showing: connected, lost, an event set aside. Without secrets; from any thread.</summary>
    public event Action<string>? Notice;

    /// <summary>The broker, as a URL without secrets.</summary>
    public string Broker => _address.ToString();

    /// <summary>How it stands.</summary>
    public MqttConnectionState State { get; private set; }

    /// <summary>Why the last attempt or connection failed, in one line; null while connected.</summary>
    public string? LastError { get; private set; }

    /// <summary>Starts in the background; returns at once, broker or no broker.</summary>
    /// <exception cref="InvalidDataException">The password cannot be read.</exception>
    /// <exception cref="DllNotFoundException">The MQTT library is missing; the message says which package to install.</exception>
    public Task StartAsync()
    {
        _password = _options.ReadPassword();
        new MqttClientFactory().CreateMqttClient().Dispose(); // a missing library is said now, not in the background
        if (!_address.Tls)
        {
            Say($"plain text to {_address}: who can listen on that network can read everything (mqtt.allow_plaintext)");
        }

        _outbox.RowsAdded += _sender.Poke;
        _running = Task.WhenAll(Task.Run(() => ToldAsync(ConnectAndSendAsync)), Task.Run(() => ToldAsync(TickAsync)));
        return Task.CompletedTask;
    }

    /// <summary>Says what the site is doing.</summary>
    /// <param name="status">The host's part of it.</param>
    public void SetStatus(SiteStatus status) => _states.SetSite(status);

    /// <summary>Says what a camera is doing. A new state or reason goes out at once, the numbers with the next interval.</summary>
    /// <param name="status">The host's part of it.</param>
    public void SetCamera(CameraStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        _states.SetCamera(status);
    }

    /// <summary>Says whom to ask for the counters of each camera that was told of, by its id; asked from any thread, and must not wait.</summary>
    /// <param name="counters">The counters as they stand.</param>
    public void SetCounters(Func<string, CameraCounters> counters) => _states.Counters = counters;

    /// <summary>Says how many people are in a camera's view.</summary>
    /// <param name="camera">Camera id.</param>
    /// <param name="count">0 or more.</param>
    public void SetPeople(string camera, int count) => _states.SetPeople(camera, count);

    /// <summary>
    /// Stops cleanly: sends what is left, publishes <c>stopped</c>, disconnects. Without a connection one more attempt is made, and no more.
    /// What is not sent stays in the outbox, for the next run.
    /// </summary>
    /// <param name="drain">Longest wait for the rest to be sent.</param>
    /// <returns>How many events are left unsent.</returns>
    public async Task<long> StopAsync(TimeSpan drain)
    {
        _stopAsked.TrySetResult();
        _sender.Finish();
        _abandon.CancelAfter(drain);
        await _running;
        _outbox.RowsAdded -= _sender.Poke;
        State = MqttConnectionState.Stopped;
        return _outbox.Status().Pending;
    }

    /// <summary>Stops without waiting for the rest to be sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _abandon.Dispose();
    }

    private string Rival => $"do two runs share the client id '{_topics.ClientId}'? Then give one of them another run.site";

    private bool Stopping => _stopAsked.Task.IsCompleted;

    // What is not the broker's doing (the store, the host's statistics) ends the publisher: said at once, thrown by StopAsync.
    private async Task ToldAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            LastError = Secrets.Mask(Words(e).ReplaceLineEndings(" "), _password);
            Say($"publishing has ended: {LastError}; events wait in the store");
            throw;
        }
    }

    private async Task ConnectAndSendAsync()
    {
        Backoff backoff = new(_options.ReconnectMin, _options.ReconnectMax);
        for (int failed = 0, shortLived = 0, attempt = 0; ; attempt++)
        {
            bool last = Stopping;
            State = MqttConnectionState.Connecting;
            long since = _time.GetTimestamp();
            try
            {
                _password = _options.ReadPassword(); // each time: it may have been changed
                using Session session = await Session.OpenAsync(_options, _address, _password, _topics, attempt, _abandon.Token);
                bool brokerStayed = failed == 0;
                failed = 0;
                await UseAsync(session, brokerStayed);
                return;
            }
            catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
            {
                return; // the time to drain is over and there is no connection to say good-bye on
            }
            catch (Exception e) when (e is BrokerException or MqttCommunicationException or MqttProtocolViolationException or InvalidDataException)
            {
                bool wasConnected = State == MqttConnectionState.Connected;
                failed += wasConnected ? 0 : 1;
                bool wasSteady = wasConnected && _time.GetElapsedTime(since) > Steady;
                shortLived = wasConnected && !wasSteady ? shortLived + 1 : 0;
                if (wasSteady)
                {
                    backoff.Reset();
                }

                string rival = shortLived < Suspicious ? "" : $", {shortLived} times soon after connecting; {Rival}";
                LastError = Secrets.Mask(Words(e).ReplaceLineEndings(" "), _password) + rival;
                State = MqttConnectionState.Waiting;
            }

            if (last || await WaitAsync(backoff.Next()))
            {
                return;
            }
        }
    }

    /// <summary>Waits before the next attempt, or until a stop is asked for. True: the wait is over for good.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait)
    {
        Say($"{_address}: {LastError}; trying again in {wait.TotalSeconds:0.#} s, events wait in the store");
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token);
        await Task.WhenAny(Task.Delay(wait, _time, over.Token), _stopAsked.Task);
        await over.CancelAsync();
        return _abandon.IsCancellationRequested;
    }

    /// <summary>Everything on one connection, in the order of mqtt.md 3.1; returns after a clean good-bye, throws when the connection is lost.</summary>
    private async Task UseAsync(Session session, bool brokerStayed)
    {
        await PublishAvailabilityAsync(session, "online", _abandon.Token);
        State = MqttConnectionState.Connected;
        LastError = null;
        Say($"connected to {_address}{(session.Five ? "" : " with MQTT 3.1.1")}");
        _states.SetConnection(Reasons(session));
        _states.RefreshSite();
        _mailbox.Renew();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token);
        try
        {
            await SendStatesAsync(session, end.Token);
            Task pump = PumpAsync(session, end.Token);
            Task sender = _sender.RunAsync(session, brokerStayed, end.Token);
            await Task.WhenAny(sender, pump, session.Lost);
            bool lost = !sender.IsCompletedSuccessfully && !_abandon.IsCancellationRequested;
            await end.CancelAsync();
            await IgnoreEndAsync(pump, lost);
            await IgnoreEndAsync(sender, lost);
            if (lost)
            {
                throw await LossAsync(session, sender);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // The time to drain is over: what is left waits for the next run, the good-bye is still said.
        }

        await SayGoodbyeAsync(session);
    }

    private async Task SayGoodbyeAsync(Session session)
    {
        using CancellationTokenSource limit = new(Goodbye);
        try
        {
            _states.RefreshSite();
            await SendStatesAsync(session, limit.Token);
            await PublishAvailabilityAsync(session, "stopped", limit.Token);
            await session.CloseAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or MqttCommunicationException)
        {
            Say($"{_address}: the connection was lost before 'stopped' was said; the broker says 'offline'");
        }
    }

    private Task<MqttClientPublishResult> PublishAvailabilityAsync(Session session, string word, CancellationToken cancellationToken) =>
        session.PublishAsync(
            session.Message(_topics.Availability, Encoding.UTF8.GetBytes(word), MqttQualityOfServiceLevel.AtLeastOnce, retain: true, "text/plain"),
            cancellationToken);

    private async Task PumpAsync(Session session, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SendStatesAsync(session, cancellationToken);
            await _mailbox.WaitAsync(cancellationToken);
        }
    }

    private async Task SendStatesAsync(Session session, CancellationToken cancellationToken)
    {
        while (_mailbox.Take() is { } state)
        {
            MqttApplicationMessage message = session.Message(state.Topic, state.Payload, state.Level, state.Retain, state.ContentType);
            if (Session.PacketSize(message) > session.MaximumPacketSize)
            {
                Say($"{state.Topic}: {state.Payload.Length} bytes are above the broker's limit; not sent");
                continue;
            }

            MqttClientPublishResult result = await session.PublishAsync(message, cancellationToken);
            if (!result.IsSuccess)
            {
                Say($"{state.Topic}: the broker answered {result.ReasonCode}");
            }
        }
    }

    private async Task TickAsync()
    {
        long lastStats = _time.GetTimestamp();
        using PeriodicTimer timer = new(Tick, _time);
        Task<bool> next = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(next, _stopAsked.Task) == next)
        {
            await next;
            next = timer.WaitForNextTickAsync().AsTask();
            _states.RefreshSite();
            _sender.Poke(); // rows of another process raise no event here
            if (_time.GetElapsedTime(lastStats) >= _options.StatsInterval)
            {
                lastStats = _time.GetTimestamp();
                _states.RefreshCameras();
                if (_stats is not null)
                {
                    _states.PutStats(_stats());
                }
            }
        }
    }

    // A loss is told once, by LossAsync; what sender and pump throw because of it says no more.
    private static async Task IgnoreEndAsync(Task task, bool lost)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
        }
        catch (MqttCommunicationException) when (lost)
        {
        }
    }

    private async Task<MqttCommunicationException> LossAsync(Session session, Task sender)
    {
        if (await Task.WhenAny(session.Lost, Task.Delay(Goodbye)) != session.Lost)
        {
            return new MqttCommunicationException("sending failed", sender.Exception?.GetBaseException()); // the connection stands, or its end was not told
        }

        return new MqttCommunicationException(await session.Lost switch
        {
            MqttClientDisconnectReason.SessionTakenOver =>
                $"the broker gave the connection to another client; {Rival}",
            MqttClientDisconnectReason.UnspecifiedError => "the connection was lost",
            MqttClientDisconnectReason reason => $"the broker ended the connection: {reason}",
        });
    }

    // The cause, where the client's own words leave it out.
    private static string Words(Exception e)
    {
        string cause = e.GetBaseException().Message;
        string all = e.Message.Contains(cause, StringComparison.Ordinal) ? e.Message : $"{e.Message} {cause}";
        return all.TrimEnd('.');
    }

    private static List<Reason> Reasons(Session session)
    {
        List<Reason> reasons = [];
        if (!session.Five)
        {
            reasons.Add(new Reason("mqtt_3_1_1", "the broker does not speak MQTT 5; no reason codes, expiry or user properties"));
        }

        if (session.HighestLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            reasons.Add(new Reason("qos_lowered", "the broker takes QoS 0 only; an event counts as sent when it is written, and may be lost"));
        }

        if (!session.RetainAvailable)
        {
            reasons.Add(new Reason("retain_unavailable", "the broker keeps no retained messages; a later subscriber waits for the next change"));
        }

        return reasons;
    }

    private void Say(string line) => Notice?.Invoke($"mqtt: {Secrets.Mask(line, _password)}");
}
