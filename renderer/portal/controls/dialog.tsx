import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { ActionButton } from '../../controls/action-button.tsx';
import { useSay } from '../words.tsx';

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly role?: 'dialog' | 'alertdialog';
  /** Absent: it stays until it is answered. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** A dialog above the page; it is there as long as it is rendered. */
export function Dialog({ title, wide = false, role = 'dialog', onClose, children }: DialogProps) {
  const say = useSay();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose?.()}
      isDismissable={false}
      isKeyboardDismissDisabled={onClose === undefined}
      className="overlay"
    >
      <Modal className={wide ? 'sheet sheet-wide' : 'sheet'}>
        <AriaDialog role={role} className="sheet-dialog">
          <header className="sheet-head">
            <Heading slot="title" className="sheet-title">
              {title}
            </Heading>
            {onClose === undefined ? null : (
              <Button className="icon-button" aria-label={say('common.close')} onPress={onClose}>
                <X aria-hidden className="icon" />
              </Button>
            )}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly words: string;
  readonly yes: string;
  readonly no?: string;
  readonly isBusy?: boolean;
  onYes(): void;
  onNo(): void;
}

/** Asks before something that cannot be taken back; the harmless answer has the focus. */
export function Confirm({ title, words, yes, no, isBusy = false, onYes, onNo }: ConfirmProps) {
  const say = useSay();
  return (
    <Dialog title={title} role="alertdialog" onClose={onNo}>
      <p>{words}</p>
      <div className="form-actions">
        <ActionButton onPress={onNo} autoFocus>
          {no ?? say('common.cancel')}
        </ActionButton>
        <ActionButton tone="danger" onPress={onYes} isPending={isBusy}>
          {yes}
        </ActionButton>
      </div>
    </Dialog>
  );
}
